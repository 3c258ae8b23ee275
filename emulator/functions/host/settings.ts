/** App settings as the host's configuration sees them: names ignore case, `__` and `:` mean the same. */
export interface Settings {
    get(name: string): string | undefined;
    /** Settings below a name, such as `endpoint` of `Connection__endpoint`, by their last part in lower case. */
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

/** Replaces each `%name%` by that setting. Throws when there is none. */
export function resolveSettings({ text, settings }: { text: string; settings: Settings }): string {
    return text.replace(/%([^%]+)%/g, (_, name: string) => {
        const value = settings.get(name);
        if (value === undefined) {
            throw new Error(`'%${name}%' does not resolve to a value: there is no app setting '${name}'.`);
        }
        return value;
    });
}

/** Whether a text means yes, as settings write it. */
export function isTrue(text: string | undefined): boolean {
    return text !== undefined && ["true", "1"].includes(text.trim().toLowerCase());
}
