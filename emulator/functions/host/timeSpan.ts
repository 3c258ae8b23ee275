/** Parses a .NET time span such as `00:05:00` or `1.02:00:00` to milliseconds; undefined when it is none. */
export function parseTimeSpan(text: string): number | undefined {
    const match = /^(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/.exec(text.trim());
    if (match === null) {
        return undefined;
    }
    const [, days = "0", hours = "0", minutes = "0", seconds = "0", fraction = "0"] = match;
    if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) {
        return undefined;
    }
    const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
    return whole * 1000 + Math.round(Number(`0.${fraction}`) * 1000);
}
