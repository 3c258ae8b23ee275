const standardPatterns = new Map([
    ["u", "yyyy-MM-dd HH:mm:ssZ"],
    ["s", "yyyy-MM-ddTHH:mm:ss"],
    ["o", "yyyy-MM-ddTHH:mm:ss.fff0000Z"],
]);

/** Writes a time as template functions do: in .NET's format `u`, `s` or `o`, or by a pattern such as `yyyy-MM-dd`. */
export function formatDate(date: Date, format = "yyyyMMddTHHmmssZ"): string {
    const pattern = standardPatterns.get(format) ?? format;
    const pad = (value: number, width: number) => String(value).padStart(width, "0");
    const parts: Record<string, string> = {
        yyyy: pad(date.getUTCFullYear(), 4),
        MM: pad(date.getUTCMonth() + 1, 2),
        dd: pad(date.getUTCDate(), 2),
        HH: pad(date.getUTCHours(), 2),
        mm: pad(date.getUTCMinutes(), 2),
        ss: pad(date.getUTCSeconds(), 2),
        fff: pad(date.getUTCMilliseconds(), 3),
    };
    return pattern.replace(/yyyy|MM|dd|HH|mm|ss|fff/g, (part) => parts[part] ?? part);
}

const durationPattern = /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** Adds an ISO 8601 duration such as `PT1H` or `-P1D`. */
export function addDuration(date: Date, duration: string): Date {
    const match = durationPattern.exec(duration);
    if (!match || /^-?PT?$/.test(duration)) {
        throw new Error(`"${duration}" is not a duration: it must be in ISO 8601, such as PT1H`);
    }
    const sign = match[1] ? -1 : 1;
    const [years, months, days, hours, minutes, seconds] = match.slice(2).map((part) => sign * Number(part ?? 0));
    const result = new Date(date);
    result.setUTCFullYear(
        result.getUTCFullYear() + years!,
        result.getUTCMonth() + months!,
        result.getUTCDate() + days!,
    );
    result.setTime(result.getTime() + ((hours! * 60 + minutes!) * 60 + seconds!) * 1000);
    return result;
}

/** Reads a time in the default format of `formatDate` or in ISO 8601. */
export function parseDate(text: string): Date {
    const compact = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
    const iso = compact ? `${compact[1]}-${compact[2]}-${compact[3]}T${compact[4]}:${compact[5]}:${compact[6]}Z` : text;
    const date = new Date(iso.replace(" ", "T"));
    if (Number.isNaN(date.getTime())) {
        throw new Error(`"${text}" is not a time: it must be in ISO 8601, such as 2026-01-31T12:00:00Z`);
    }
    return date;
}
