import { SocketIOBackend } from "azure-realtime";

const chat = new SocketIOBackend("chat", { codePath: "app" });

export const negotiateUrl = chat.negotiateUrl;
