const longestDays = 10_675_199;

/** The forms of a time span. Each part is days, hours, minutes, seconds or a fraction of a second. */
const forms: readonly { pattern: RegExp; parts: readonly ("d" | "h" | "m" | "s" | "f")[] }[] = [
    { pattern: /^(\d{1,8})$/, parts: ["d"] },
    { pattern: /^(\d{1,2}):(\d{1,2})$/, parts: ["h", "m"] },
    { pattern: /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,7}))?$/, parts: ["h", "m", "s", "f"] },
    // Only reached when the first number is no hour.
    { pattern: /^(\d{1,8}):(\d{1,2}):(\d{1,2})$/, parts: ["d", "h", "m"] },
    { pattern: /^(\d{1,8})\.(\d{1,2}):(\d{1,2})$/, parts: ["d", "h", "m"] },
    { pattern: /^(\d{1,8})[.:](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,7}))?$/, parts: ["d", "h", "m", "s", "f"] },
];
const largest = { d: longestDays, h: 23, m: 59, s: 59, f: Number.POSITIVE_INFINITY };

/**
 * Parses a time span as .NET's TimeSpan.TryParse does, to milliseconds: `00:05:00`, `1.02:00:00`, `0:30`. A number alone counts
 * days, and so does a first number from 24 on: `24:00:00` is 24 days. Undefined when the text is none. Sources: learn,
 * dotnet/api/system.timespan.parse, and azure-functions/functions-bindings-timer, TimeSpan.
 */
export function parseTimeSpan(text: string): number | undefined {
    const trimmed = text.trim();
    const digits = trimmed.replace(/^-/, "");
    for (const { pattern, parts } of forms) {
        const found = pattern.exec(digits)?.slice(1);
        if (found === undefined) {
            continue;
        }
        const values = new Map(parts.map((part, index) => [part, found[index] ?? "0"]));
        if (parts.some((part) => Number(values.get(part)) > largest[part])) {
            continue;
        }
        const number = (part: "d" | "h" | "m" | "s") => Number(values.get(part) ?? 0);
        const seconds = ((number("d") * 24 + number("h")) * 60 + number("m")) * 60 + number("s");
        const milliseconds = seconds * 1000 + Math.round(Number(`0.${values.get("f") ?? "0"}`) * 1000);
        return trimmed.startsWith("-") && milliseconds > 0 ? -milliseconds : milliseconds;
    }
    return undefined;
}

/** Writes a time span as .NET does: `00:10:00`, `1.00:00:00`, `00:00:01.5000000`. */
export function formatTimeSpan(milliseconds: number): string {
    const seconds = Math.floor(milliseconds / 1000);
    const days = Math.floor(seconds / 86_400);
    const clock = [(seconds % 86_400) / 3600, (seconds % 3600) / 60, seconds % 60];
    const rest = Math.round((milliseconds % 1000) * 10_000);
    const fraction = rest === 0 ? "" : `.${String(rest).padStart(7, "0")}`;
    const text = clock.map((value) => String(Math.floor(value)).padStart(2, "0")).join(":") + fraction;
    return days > 0 ? `${days}.${text}` : text;
}
