import type { Extension } from "./extension";

/** Declares the binding types of HTTP. The server itself calls HTTP triggers. */
export const httpExtension: Extension = {
    name: "Http",
    types: ["httptrigger", "http"],
    start: async () => ({ addFunction: () => undefined }),
};
