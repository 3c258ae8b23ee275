import { Cron } from "croner";
import { messageOf } from "../../../../core/errors";
import { parseTimeSpan } from "../../timeSpan";

/** When a timer fires. */
export interface Schedule {
    /** The first moment after `time`, in milliseconds since the epoch. */
    next(time: number): number;
    /** Schedule in the function's timer object. */
    description: { AdjustForDST: boolean };
}

/**
 * Reads an NCRONTAB expression of six fields (seconds first) or five, or a time span such as `00:00:30`.
 * Times are in the process's time zone. Throws when the text is neither.
 */
export function parseSchedule(text: string): Schedule {
    const span = parseTimeSpan(text);
    if (span !== undefined) {
        if (span <= 0) {
            throw new Error(`the schedule '${text}' must be a time span longer than zero.`);
        }
        return { next: (time) => time + span, description: { AdjustForDST: false } };
    }
    const fields = text.trim().split(/\s+/).length;
    if (fields !== 5 && fields !== 6) {
        throw new Error(
            `the schedule expression '${text}' was not recognized as a valid cron expression or timespan string. Use six fields, seconds first, such as '0 */5 * * * *', or a time span such as '00:05:00'.`,
        );
    }
    const cron = parseCron({ text: fields === 5 ? `0 ${text}` : text, given: text });
    return {
        next(time) {
            const at = cron.nextRun(new Date(time));
            if (at === null) {
                throw new Error(`the schedule expression '${text}' never comes due.`);
            }
            return at.getTime();
        },
        description: { AdjustForDST: true },
    };
}

function parseCron({ text, given }: { text: string; given: string }): Cron {
    try {
        return new Cron(text, { paused: true, domAndDow: true, mode: "6-part" });
    } catch (error) {
        throw new Error(
            `the schedule expression '${given}' was not recognized as a valid cron expression or timespan string: ${messageOf(error)}`,
        );
    }
}
