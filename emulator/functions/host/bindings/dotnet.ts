import { randomUUID } from "node:crypto";

// Texts of values as .NET writes them, because the host that runs binding expressions is a .NET program.

/** A GUID that keeps its kind, so that a format can apply to it. */
export class Guid {
    readonly text = randomUUID();
}

/** Formats a GUID. Throws for a format that .NET does not know. */
export function formatGuid({ text }: Guid, format: string): string {
    const digits = text.replaceAll("-", "");
    switch (format.toUpperCase()) {
        case "D":
            return text;
        case "N":
            return digits;
        case "B":
            return `{${text}}`;
        case "P":
            return `(${text})`;
        case "X": {
            const bytes = digits.slice(16).replace(/../g, (byte) => `,0x${byte}`);
            return `{0x${digits.slice(0, 8)},0x${digits.slice(8, 12)},0x${digits.slice(12, 16)},{${bytes.slice(1)}}}`;
        }
        default:
            throw new Error(
                "Format string can be only 'D', 'd', 'N', 'n', 'P', 'p', 'B', 'b', 'X' or 'x'. The format of a GUID is '" +
                    `${format}'.`,
            );
    }
}

/** .NET's formats of one letter, in the invariant culture. */
const standardFormats = new Map([
    ["d", "MM/dd/yyyy"],
    ["D", "dddd, dd MMMM yyyy"],
    ["f", "dddd, dd MMMM yyyy HH:mm"],
    ["F", "dddd, dd MMMM yyyy HH:mm:ss"],
    ["g", "MM/dd/yyyy HH:mm"],
    ["G", "MM/dd/yyyy HH:mm:ss"],
    ["m", "MMMM dd"],
    ["M", "MMMM dd"],
    ["o", "yyyy-MM-dd'T'HH:mm:ss.fffffffK"],
    ["O", "yyyy-MM-dd'T'HH:mm:ss.fffffffK"],
    ["r", "ddd, dd MMM yyyy HH:mm:ss 'GMT'"],
    ["R", "ddd, dd MMM yyyy HH:mm:ss 'GMT'"],
    ["s", "yyyy-MM-dd'T'HH:mm:ss"],
    ["t", "HH:mm"],
    ["T", "HH:mm:ss"],
    ["u", "yyyy-MM-dd HH:mm:ss'Z'"],
    ["U", "dddd, dd MMMM yyyy HH:mm:ss"],
    ["y", "yyyy MMMM"],
    ["Y", "yyyy MMMM"],
]);

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October"];
months.push("November", "December");

/** Formats a moment in universal time, as `DateTime.ToString(format)` does in the invariant culture. */
export function formatDate(date: Date, format: string): string {
    if (format.length === 1) {
        const standard = standardFormats.get(format);
        if (standard === undefined) {
            throw new Error(`Input string was not in a correct format. The format of a date is '${format}'.`);
        }
        return formatDate(date, standard);
    }
    const custom = /^%./.test(format) ? format.slice(1) : format;
    return custom.replace(
        /'([^']*)'|"([^"]*)"|\\(.)|(d+|f+|F+|h+|H+|m+|M+|s+|t+|y+|z+|K+|g+)/g,
        (_, single?: string, double?: string, escaped?: string, letters?: string) =>
            letters === undefined ? (single ?? double ?? escaped ?? "") : part(date, letters),
    );
}

function part(date: Date, letters: string): string {
    const count = letters.length;
    const padded = (value: number) => String(value).padStart(Math.min(count, 2), "0");
    switch (letters[0]) {
        case "d":
            return count < 3 ? padded(date.getUTCDate()) : name({ list: days, index: date.getUTCDay(), count });
        case "M":
            return count < 3
                ? padded(date.getUTCMonth() + 1)
                : name({ list: months, index: date.getUTCMonth(), count });
        case "y": {
            const year = date.getUTCFullYear();
            return count < 3 ? padded(year % 100) : String(year).padStart(count, "0");
        }
        case "H":
            return padded(date.getUTCHours());
        case "h":
            return padded(date.getUTCHours() % 12 || 12);
        case "m":
            return padded(date.getUTCMinutes());
        case "s":
            return padded(date.getUTCSeconds());
        case "f":
            return fraction(date, count);
        case "F":
            return fraction(date, count).replace(/(?<!0)0+$/, "");
        case "t":
            return (date.getUTCHours() < 12 ? "AM" : "PM").slice(0, count);
        case "z":
            return ["+0", "+00", "+00:00"][Math.min(count, 3) - 1]!;
        case "g":
            return "A.D.";
        default:
            return "Z".repeat(count);
    }
}

function name({ list, index, count }: { list: readonly string[]; index: number; count: number }): string {
    return count === 3 ? list[index]!.slice(0, 3) : list[index]!;
}

function fraction(date: Date, count: number): string {
    return String(date.getUTCMilliseconds()).padStart(3, "0").padEnd(7, "0").slice(0, count);
}

/** A number as .NET writes a double: `1E+15` from 15 digits on, `1E-05` below 0.0001. */
export function formatNumber(value: number): string {
    if (Number.isSafeInteger(value) || !Number.isFinite(value)) {
        return String(value);
    }
    const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
    const power = Number(exponent);
    if (power >= -5 && power < 15) {
        return String(value);
    }
    return `${mantissa}E${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/;

/** The text of a JSON text member. The host's JSON reader takes an ISO 8601 date for a date and writes it in its own form. */
export function formatJsonText(text: string): string {
    const match = isoDate.exec(text);
    const date = match === null ? undefined : new Date(match[2] === undefined ? `${text}Z` : text);
    return date === undefined || Number.isNaN(date.getTime()) ? text : formatDate(date, "G");
}
