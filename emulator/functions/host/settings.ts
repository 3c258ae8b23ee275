/** App settings with the rules of the host's configuration: names ignore case, and `__` and `:` are the same. */
export interface Settings {
    get(name: string): string | undefined;
    /** Settings below a name, by their last part in lower case: `Connection__endpoint` gives `endpoint`. */
    section(name: string): Record<string, string>;
}

export function createSettings(environment: Record<string, string | undefined>): Settings {
    const values = new Map<string, string>();
    for (const [name, value] of Object.entries(environment)) {
        if (value !== undefined) {
            values.set(normalize(name), value);
        }
    }
    return {
        get: (name) => values.get(normalize(name)),
        section(name) {
            const prefix = `${normalize(name)}:`;
            const found: Record<string, string> = {};
            for (const [key, value] of values) {
                if (key.startsWith(prefix)) {
                    found[key.slice(prefix.length)] = value;
                }
            }
            return found;
        },
    };
}

function normalize(name: string): string {
    return name.replaceAll("__", ":").toLowerCase();
}

/** Replaces each `%name%` by the setting. Throws when it does not exist, or when a `%` has no partner. */
export function resolveSettings({ text, settings }: { text: string; settings: Settings }): string {
    return text.replace(/%([^%]*)(%?)/g, (_, name: string, end: string, at: number) => {
        if (end === "") {
            throw new Error(`The '%' at position ${at} of '${text}' does not have a closing '%'.`);
        }
        const value = settings.get(name);
        if (value === undefined) {
            throw new Error(`'%${name}%' does not resolve to a value: there is no app setting '${name}'.`);
        }
        return value;
    });
}

/** Whether a setting's text means true. */
export function isTrue(text: string | undefined): boolean {
    return text !== undefined && ["true", "1"].includes(text.trim().toLowerCase());
}
