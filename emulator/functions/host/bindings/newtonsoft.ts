import { parseJsonToken } from "../../../../rules/json";
import { mapValues } from "../../../core/json";
import { formatDate, formatNumber } from "./dotnet";

/**
 * A value of JSON after a .NET extension read and wrote it with Newtonsoft.Json, whose reader takes texts that look like dates for dates:
 * `2026-01-02T03:04:05.600Z` becomes `2026-01-02T03:04:05.6Z`. A number that is too large for a double becomes a text. The value must not
 * be nested deeper than `parseJson` reads. Sources: DateTimeUtils.cs, DateTimeParser.cs and JsonConvert.cs of JamesNK/Newtonsoft.Json.
 */
export function asNewtonsoftWrites(value: unknown): unknown {
    if (typeof value === "string") {
        return readDate(value)?.written ?? value;
    }
    return typeof value === "number" && !Number.isFinite(value) ? String(value) : mapValues(value, asNewtonsoftWrites);
}

/**
 * A value of JSON that JavaScript cannot hold as .NET does: a date, a whole number of more than 53 bits, or a fraction without decimals.
 * `writeJson` writes it as Newtonsoft.Json does.
 */
export class NewtonsoftValue {
    constructor(
        /** In JSON. */
        readonly json: string,
        /** Where a text is asked for. */
        readonly text: string,
    ) {}
}

/** The value of a JSON text as Newtonsoft.Json reads it. Throws in its words. Source: JToken.Parse of JamesNK/Newtonsoft.Json. */
export function parseNewtonsoft(text: string): unknown {
    return withDates(parseJsonToken(text, exactNumber));
}

function exactNumber(text: string, value: number): NewtonsoftValue | undefined {
    if (/^-?[1-9]\d*$/.test(text)) {
        return Number.isSafeInteger(value) ? undefined : new NewtonsoftValue(text, text);
    }
    if (!/^[-\d.]+(?:e[-+]?\d+)?$/i.test(text) || /^-?\d+$/.test(text) || !Number.isFinite(value)) {
        return undefined;
    }
    const short = formatNumber(value);
    return Number.isInteger(value) ? new NewtonsoftValue(/[.E]/.test(short) ? short : `${short}.0`, short) : undefined;
}

function withDates(value: unknown): unknown {
    if (value instanceof NewtonsoftValue) {
        return value;
    }
    if (typeof value !== "string") {
        return mapValues(value, withDates);
    }
    const date = readDate(value);
    return date === undefined ? value : new NewtonsoftValue(JSON.stringify(date.written), date.text);
}

/** JSON of a value that `parseNewtonsoft` read, or of any other. */
export function writeJson(value: unknown): string {
    if (value instanceof NewtonsoftValue) {
        return value.json;
    }
    if (Array.isArray(value)) {
        return `[${value.map(writeJson).join()}]`;
    }
    if (typeof value === "object" && value !== null) {
        const members = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}:${writeJson(inner)}`);
        return `{${members.join()}}`;
    }
    return typeof value === "number" && !Number.isFinite(value) ? `"${value}"` : (JSON.stringify(value) ?? "null");
}

/**
 * A value of JSON where a .NET property is a text: numbers and truth values count, too. Undefined for null, an object or a list.
 * Source: ReadAsString of JsonReader.cs of JamesNK/Newtonsoft.Json.
 */
export function textOfJson(value: unknown): string | undefined {
    switch (typeof value) {
        case "string":
            return value;
        case "number":
            return formatNumber(value);
        case "boolean":
            return value ? "True" : "False";
        default:
            return value instanceof NewtonsoftValue ? value.text : undefined;
    }
}

/**
 * The reader drops what follows the seventh digit of a fraction where that is two digits, and takes two digits or a colon for a zone that
 * it does not use. Source: ParseTime and ParseZone of DateTimeParser.cs.
 */
const isoDate =
    /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d{1,7}(?!\d)|\.\d{7}(?=\d\d$))?(?:([Zz])|([+-]\d\d)(?::?(\d\d)|:)?|:(?:\d\d)?|\d\d)?$/;

/** The first and the last moment of .NET's dates. */
const earliest = -62_135_596_800_000;
const latest = 253_402_300_799_999;

interface DotnetDate {
    /** As Newtonsoft.Json writes it. */
    written: string;
    /** As .NET writes it in the invariant culture. */
    text: string;
}

function readDate(text: string): DotnetDate | undefined {
    const [, milliseconds, zoned] = /^\/Date\((-?\d{1,16})([+-]\d{4})?\)\/$/.exec(text) ?? [];
    if (milliseconds !== undefined) {
        return readDate(isoText(Number(milliseconds)).replace("Z", zoned === undefined ? "Z" : hostZone));
    }
    const [, day = "", time, fraction = "", zone = "", hours, minutes = "0"] = isoDate.exec(text) ?? [];
    // JavaScript takes 30 February for a day in March.
    if (day === "" || !isoText(Date.parse(day)).startsWith(day)) {
        return undefined;
    }
    const local = Date.parse(`${day}T${time}${fraction}Z`);
    if (hours === undefined) {
        return written({ time: local, fraction, zone: zone.toUpperCase() });
    }
    const moment = local - (Number(hours) * 60 + Number(`${hours.slice(0, 1)}${minutes}`)) * 60_000;
    if (moment > latest) {
        return written({ time: latest, fraction: ".9999999", zone: hostZone });
    }
    return written(
        moment < earliest
            ? { time: earliest, fraction: "", zone: hostZone }
            : { time: moment, fraction, zone: hostZone },
    );
}

function written(options: { time: number; fraction: string; zone: string }): DotnetDate | undefined {
    const { time, fraction, zone } = options;
    const moment = isoText(time).slice(0, 19);
    // Without the zeros at the end.
    const [rest = ""] = /^\.\d*[1-9]/.exec(fraction) ?? [];
    return moment === "" ? undefined : { written: `${moment}${rest}${zone}`, text: formatDate(new Date(time), "G") };
}

/** The zone of a moment that was given with an offset: .NET turns it into one of the host's time zone, which is UTC on Azure. */
const hostZone = "+00:00";

/** Empty for what is no moment of the years 1 to 9999, the years of .NET. */
function isoText(time: number): string {
    const date = new Date(time);
    const text = Number.isNaN(date.getTime()) ? "" : date.toISOString();
    return /^(?!0000)\d{4}-/.test(text) ? text : "";
}
