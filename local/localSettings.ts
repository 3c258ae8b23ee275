import { readLocalSettings } from "../emulator/functions/localSettings";
import type { ResourceState } from "./engine/state";
import { codeFoldersOf } from "./watch";

/** Settings that a developer's machine needs, and that each plan of Azure has, or does not need. */
const ownOfTheMachine = new Set([
    "azurewebjobsstorage",
    "azurewebjobsfeatureflags",
    "functions_worker_runtime",
    "functions_extension_version",
    "functions_inproc_net8_enabled",
    "website_hostname",
]);

/**
 * Names what the `local.settings.json` beside deployed code has and no app of the stack does. The code works with it in `func start`, and
 * lacks it on Azure, which never gets the file.
 */
export function unreadSettings(resources: ResourceState[], projectDir: string): string[] {
    const apps = resources.filter(({ type }) => /^azure-native:web[^:]*:WebApp/.test(type));
    const given = new Set(apps.flatMap(settingNames).map(baseOf));
    const hasCors = apps.some(({ inputs }) => configOf(inputs).cors !== undefined);
    return codeFoldersOf(resources, projectDir).flatMap((folder) => {
        const { names = [], cors } = readLocalSettings(folder) ?? {};
        const missing = names.filter((name) => !ownOfTheMachine.has(name.toLowerCase()) && !given.has(baseOf(name)));
        const file = `local.settings.json in ${folder}`;
        return [
            ...(missing.length > 0
                ? [
                      `${file} has ${missing.join(", ")}, and no app of this stack does. Azure never gets this file, and it is not read here either: give what the code needs as appSettings, or as connectionName where it is the connection to the service.`,
                  ]
                : []),
            ...(cors !== undefined && !hasCors
                ? [
                      `${file} has Host.CORS, which is for func alone. Give the component cors for pages of other origins.`,
                  ]
                : []),
        ];
    });
}

/** A connection is one setting, or several that begin with its name and two underscores or a colon. */
const baseOf = (name: string) => name.toLowerCase().split(/__|:/, 1)[0] ?? "";

function settingNames({ type, inputs }: ResourceState): string[] {
    if (/ApplicationSettings(Slot)?$/.test(type)) {
        return Object.keys((inputs.properties ?? {}) as object);
    }
    const list = configOf(inputs).appSettings;
    return (Array.isArray(list) ? list : []).flatMap((setting: { name?: unknown }) =>
        typeof setting?.name === "string" ? [setting.name] : [],
    );
}

function configOf({ siteConfig }: ResourceState["inputs"]): { cors?: unknown; appSettings?: unknown } {
    return (siteConfig ?? {}) as object;
}
