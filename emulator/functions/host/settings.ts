/** App settings with the rules of the host's configuration: names ignore case, and `__` and `:` are the same. */
export interface Settings {
    get(name: string): string | undefined;
    /** Settings below a name, by their last part in lower case: `Connection__endpoint` gives `endpoint`. */
    section(name: string): Record<string, string>;
    /** Names directly below a name, as the settings write them, in the order of .NET: numbers, then texts without case. */
    children(name: string): string[];
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
        children(name) {
            const prefix = `${normalize(name)}:`;
            const names = Object.keys(environment)
                .map((key) => key.replaceAll("__", ":"))
                .filter((key) => key.toLowerCase().startsWith(prefix) && values.has(normalize(key)))
                .map((key) => key.slice(prefix.length).split(":")[0] ?? "");
            return [...new Map(names.reverse().map((child) => [child.toLowerCase(), child])).values()].sort(byKey);
        },
    };
}

/** The order of ConfigurationKeyComparer.cs of dotnet/runtime. */
function byKey(one: string, other: string): number {
    const [a, b] = [one, other].map((key) => (/^\d+$/.test(key) ? Number(key) : undefined));
    if (a !== undefined || b !== undefined) {
        return (a ?? Number.MAX_VALUE) - (b ?? Number.MAX_VALUE);
    }
    return one.toLowerCase() < other.toLowerCase() ? -1 : 1;
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
