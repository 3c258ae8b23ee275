import { runPlugin } from "./main";

// The CLI passes the engine's address behind what the wrapper passes.
const [, , name, engineAddress] = process.argv;
void runPlugin(name === "random" ? "random" : "azure-native", engineAddress);
