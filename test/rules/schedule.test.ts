import assert from "node:assert/strict";
import { parseSchedule } from "../../emulator/functions/host/extensions/timer/schedule";
import type { Plan } from "../../rules/plan";
import { readSchedule } from "../../rules/schedule";
import { formatTimeSpan, parseTimeSpan } from "../../rules/timeSpan";

const day = 86_400_000;
// A Thursday.
const start = Date.UTC(2026, 0, 1, 0, 0, 10);
const at = (month: number, date: number, hour = 0, minute = 0, second = 0) =>
    Date.UTC(2026, month - 1, date, hour, minute, second);

// Sources: CrontabFieldImpl.cs and CrontabScheduleTests.cs of atifaziz/NCrontab, CronSchedule.cs and TimerSchedule.cs of
// azure-webjobs-sdk-extensions.
const due: [text: string, next: number][] = [
    ["* * * * * *", at(1, 1, 0, 0, 11)],
    ["*/5 * * * * *", at(1, 1, 0, 0, 15)],
    ["0 */5 * * * *", at(1, 1, 0, 5)],
    ["0 0 * * * *", at(1, 1, 1)],
    ["0 30 9 * * *", at(1, 1, 9, 30)],
    ["0 30 9 * * 1-5", at(1, 1, 9, 30)],
    ["0 30 9 * * Mon-Fri", at(1, 1, 9, 30)],
    ["0 0 0 * * Mon", at(1, 5)],
    ["0 0 0 * * MONDAY", at(1, 5)],
    ["0 0 0 * * mo", at(1, 5)],
    ["0 0 0 * * sat,sun", at(1, 3)],
    ["0 0 0 * * 0", at(1, 4)],
    ["0 0 0 1 Feb *", at(2, 1)],
    ["0 0 0 1 February *", at(2, 1)],
    ["0 0 0 1 f *", at(2, 1)],
    ["0 0 0 1 J-Mar *", at(2, 1)],
    ["0 0 0 1 2,4 *", at(2, 1)],
    ["10-20/5 * * * * *", at(1, 1, 0, 0, 15)],
    ["20-10 * * * * *", at(1, 1, 0, 0, 11)],
    ["30/10 * * * * *", at(1, 1, 0, 0, 30)],
    ["59/10 * * * * *", at(1, 1, 0, 0, 59)],
    ["*/0 * * * * *", at(1, 1, 0, 0, 11)],
    ["*/-3 * * * * *", at(1, 1, 0, 0, 11)],
    ["*/90 * * * * *", at(1, 1, 0, 1)],
    ["5,10-12,50/5 * * * * *", at(1, 1, 0, 0, 11)],
    ["  0   0  1 * * *  ", at(1, 1, 1)],
    ["00 05 * * * *", at(1, 1, 0, 5)],
    // Both days must fit.
    ["0 0 0 13 * Fri", at(2, 13)],
    ["0 0 0 31 * *", at(1, 31)],
    ["*/2 * * * *", at(1, 1, 0, 2)],
    ["0 12 * * Sun", at(1, 4, 12)],
    ["00:00:30", start + 30_000],
    ["1.00:00:00", start + day],
    ["24:00:00", start + 24 * day],
    ["7", start + 7 * day],
];

const refused: [text: string, message: RegExp][] = [
    ["", /The schedule expression '' was not recognized as a valid cron expression or timespan string\./],
    ["often", /'often' was not recognized/],
    ["@hourly", /not recognized/],
    ["@every 5m", /not recognized/],
    ["* * *", /not recognized/],
    ["* * * *", /not recognized/],
    ["0 0 0 1 1 * 2026", /not recognized/],
    [
        "60 * * * * *",
        /60 is higher than the maximum allowable value for the \[Second\] field\. Value must be between 0 and 59/,
    ],
    ["0 60 * * * *", /\[Minute\] field/],
    ["0 0 24 * * *", /24 is higher than the maximum allowable value for the \[Hour\] field/],
    ["0 0 0 0 * *", /0 is lower than the minimum allowable value for the \[Day\] field/],
    ["0 0 0 32 * *", /\[Day\] field/],
    ["0 0 0 * 13 *", /\[Month\] field/],
    ["0 0 0 * 0 *", /\[Month\] field/],
    ["0 0 0 * * 7", /7 is higher than the maximum allowable value for the \[DayOfWeek\] field/],
    ["0 0 0 ? * *", /'\?' is not a valid \[Day\] crontab field expression/],
    ["0 0 0 L * *", /'L' is not a valid \[Day\]/],
    ["0 0 0 15W * *", /'15W' is not a valid \[Day\]/],
    ["0 0 0 * * 5#3", /'5#3' is not a valid \[DayOfWeek\]/],
    ["0 0 0 * * fryday", /'fryday' is not a valid \[DayOfWeek\]/],
    ["mon * * * * *", /'mon' is not a valid \[Second\]/],
    ["*/x * * * * *", /'\*\/x' is not a valid \[Second\]/],
    ["*/ * * * * *", /not a valid \[Second\]/],
    ["/5 * * * * *", /'\/5' is not a valid \[Second\]/],
    ["1, * * * * *", /not a valid \[Second\]/],
    [",1 * * * * *", /not a valid \[Second\]/],
    ["1- * * * * *", /not a valid \[Second\]/],
    ["-1 * * * * *", /not a valid \[Second\]/],
    ["1.5 * * * * *", /not a valid \[Second\]/],
    ["0\t0\t*\t*\t*\t*", /not recognized/],
    ["60 * * * *", /\[Minute\] field/],
    ["00:00", /must be a time span longer than zero/],
    ["00:00:00", /must be a time span longer than zero/],
    ["-00:05:00", /must be a time span longer than zero/],
    ["00:60:00", /not recognized/],
    ["5 minutes", /not recognized/],
];

describe("a timer's schedule", () => {
    for (const [text, next] of due) {
        it(`'${text}' comes due when it should`, () => {
            assert.equal(new Date(parseSchedule(text).next(start)).toISOString(), new Date(next).toISOString());
        });
    }
    for (const [text, message] of refused) {
        it(`'${text}' is refused`, () => assert.throws(() => readSchedule(text), message));
    }

    it("of a day that no year has never comes due", () => {
        const schedule = parseSchedule("0 0 0 30 2 *");
        assert.equal(schedule.next(start), Number.POSITIVE_INFINITY);
        assert.equal(schedule.next(Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
    });

    // Sources: CoreExtensionsScriptBindingProvider.cs of azure-functions-host; learn, azure-functions/functions-bindings-timer.
    const plans: [plan: Plan, text: string, message?: RegExp][] = [
        [{ sku: "Dedicated" }, "00:05:00"],
        [{ sku: "Dedicated", isLinux: false }, "00:05:00"],
        [
            { sku: "ElasticPremium" },
            "00:05:00",
            /is a time span, which runs on a Dedicated plan only, and the plan is ElasticPremium/,
        ],
        [{ sku: "FlexConsumption" }, "00:05:00", /the plan is FlexConsumption/],
        [{ sku: "Dynamic", isLinux: true }, "00:05:00", /the plan is Dynamic/],
        [{ sku: "Dynamic", isLinux: false }, "00:05:00", /'00:05:00' is not a valid CRON expression\./],
        [{ sku: "Dynamic", isLinux: false }, "*/5 * * * *", /'\*\/5 \* \* \* \*' is not a valid CRON expression\./],
        [{ sku: "Dynamic", isLinux: false }, "0 */5 * * * *"],
        [{ sku: "Dynamic", isLinux: true }, "*/5 * * * *"],
        [{ sku: "FlexConsumption" }, "*/5 * * * *"],
    ];
    for (const [plan, text, message] of plans) {
        it(`'${text}' is ${message ? "refused" : "taken"} on ${JSON.stringify(plan)}`, () => {
            if (message === undefined) {
                readSchedule(text, plan);
            } else {
                assert.throws(() => readSchedule(text, plan), message);
            }
        });
    }
});

// Source: learn, dotnet/api/system.timespan.parse.
describe("a time span", () => {
    const cases: [text: string, milliseconds: number | undefined][] = [
        ["0", 0],
        ["14", 14 * day],
        ["-1", -day],
        ["1:2", 3_720_000],
        ["1:2:3", 3_723_000],
        ["0:0:0.250", 250],
        ["10.20:30:40.5", 10 * day + 20 * 3_600_000 + 30 * 60_000 + 40_500],
        ["10:20:30:40", 10 * day + 20 * 3_600_000 + 30 * 60_000 + 40_000],
        ["5.06:07", 5 * day + 6 * 3_600_000 + 7 * 60_000],
        ["30:05:10", 30 * day + 5 * 3_600_000 + 10 * 60_000],
        [" 00:05:00 ", 300_000],
        ["-00:05:00", -300_000],
        ["24:00", undefined],
        ["1.24:00:00", undefined],
        ["00:00:60", undefined],
        ["1:2:3:4:5", undefined],
        ["PT5M", undefined],
        ["5m", undefined],
        ["", undefined],
        ["10675200", undefined],
    ];
    for (const [text, milliseconds] of cases) {
        it(`'${text}' is ${milliseconds ?? "none"}`, () => assert.equal(parseTimeSpan(text), milliseconds));
    }

    it("is written as .NET writes it", () => {
        assert.deepEqual([1000, 600_000, day + 3_661_000].map(formatTimeSpan), ["00:00:01", "00:10:00", "1.01:01:01"]);
    });
});
