import type { Extension } from "./extension";

/** HTTP triggers are called by the server itself, so this only claims the binding types. */
export const httpExtension: Extension = {
    name: "Http",
    types: ["httptrigger", "http"],
    start: async () => ({ addFunction: () => undefined }),
};
