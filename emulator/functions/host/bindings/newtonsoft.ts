import { mapValues } from "../../../core/json";

/**
 * A value of JSON after a .NET extension read and wrote it with Newtonsoft.Json, whose reader takes texts that look like dates for dates:
 * `2026-01-02T03:04:05.600Z` becomes `2026-01-02T03:04:05.6Z`. A number that is too large for a double becomes a text. The value must not
 * be nested deeper than `parseJson` reads. Sources: DateTimeUtils.cs, DateTimeParser.cs and JsonConvert.cs of JamesNK/Newtonsoft.Json.
 */
export function asNewtonsoftWrites(value: unknown): unknown {
    if (typeof value === "string") {
        return rewriteDate(value) ?? value;
    }
    return typeof value === "number" && !Number.isFinite(value) ? String(value) : mapValues(value, asNewtonsoftWrites);
}

const isoDate = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d{1,7})?([Zz]|([+-]\d\d)(?::?(\d\d))?)?$/;

function rewriteDate(text: string): string | undefined {
    const [, milliseconds, zoned] = /^\/Date\((-?\d{1,16})([+-]\d{4})?\)\/$/.exec(text) ?? [];
    if (milliseconds !== undefined) {
        return rewriteDate(isoText(Number(milliseconds)).replace("Z", zoned === undefined ? "Z" : hostZone));
    }
    const [, day = "", time, fraction = "", zone = "", hours, minutes = "0"] = isoDate.exec(text) ?? [];
    // JavaScript takes 30 February for a day in March.
    if (day === "" || !isoText(Date.parse(day)).startsWith(day)) {
        return undefined;
    }
    const offset = hours === undefined ? 0 : Number(hours) * 60 + Number(`${hours.slice(0, 1)}${minutes}`);
    const moment = isoText(Date.parse(`${day}T${time}${fraction}Z`) - offset * 60_000).slice(0, 19);
    const written = hours === undefined ? zone.toUpperCase() : hostZone;
    // Without the zeros at the end.
    const [rest = ""] = /^\.\d*[1-9]/.exec(fraction) ?? [];
    return moment === "" ? undefined : `${moment}${rest}${written}`;
}

/** The zone of a moment that was given with an offset: .NET turns it into one of the host's time zone, which is UTC on Azure. */
const hostZone = "+00:00";

/** Empty for what is no moment of the years 1 to 9999, the years of .NET. */
function isoText(time: number): string {
    const date = new Date(time);
    const text = Number.isNaN(date.getTime()) ? "" : date.toISOString();
    return /^(?!0000)\d{4}-/.test(text) ? text : "";
}
