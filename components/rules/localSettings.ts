export interface LocalSettings {
    runtime: string;
    /** Settings that reach the realtime service. */
    connection: Record<string, string>;
    /** The caller's own app settings. */
    appSettings: Record<string, string>;
}

/** The content of a local.settings.json that runs the same code on this machine against the deployed service. */
export function localSettingsJson({ runtime, connection, appSettings }: LocalSettings): string {
    const Values = {
        FUNCTIONS_WORKER_RUNTIME: runtime,
        AzureWebJobsStorage: "UseDevelopmentStorage=true",
        ...connection,
        ...appSettings,
    };
    return `${JSON.stringify({ IsEncrypted: false, Values }, undefined, 2)}\n`;
}
