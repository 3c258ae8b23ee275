export { startLocalAzure } from "./main";
