import { {{backend}} } from "azure-realtime";

const chat = new {{backend}}("chat", { codePath: "app"{{arguments}} });

export const pageUrl = chat.negotiateUrl.apply((url) => url.replace(/negotiate$/, "index"));
export const negotiateUrl = chat.negotiateUrl;
