import type { Extension } from "./extension";

/** Manual trigger, which only `POST /admin/functions/{name}` runs. Source: ManualTriggerConfigProvider.cs of azure-functions-host. */
export const manualExtension: Extension = {
    name: "Manual",
    types: ["manualtrigger"],
    start: async () => ({ addFunction: () => undefined }),
};
