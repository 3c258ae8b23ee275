import { runServer } from "./main";

void runServer(process.argv.slice(2));
