import assert from "node:assert/strict";
import { runCli } from "../support/cli";

describe("the port of the debugger", () => {
    for (const command of ["start", "check"]) {
        for (const [given, expected] of [
            ["abc", /'abc' is invalid\. It must be a whole number from 1024 to 65535/],
            ["80", /from 1024 to 65535/],
            ["99999", /from 1024 to 65535/],
            ["127.0.0.1:", /from 1024 to 65535/],
            ["0.0.0.0:9229", /listens on 127\.0\.0\.1 only\. Give a port alone/],
            ["[::]:9229", /listens on 127\.0\.0\.1 only/],
            ["192.168.1.2:9229", /listens on 127\.0\.0\.1 only/],
        ] as const) {
            it(`of ${command} is not ${given}`, () =>
                assert.rejects(runCli([command, `--inspect=${given}`]), expected));
        }

        for (const given of ["--inspect", "--inspect=9300", "--inspect=127.0.0.1:9300", "--inspect=localhost:9300"]) {
            it(`of ${command} is taken in the form ${given}`, () =>
                assert.rejects(runCli([command, given, "--quiet", "--verbose"]), /'--quiet' cannot be used with/));
        }

        for (const given of ["--inspect-brk", "--inspect-brk=9229", "--inspect-brk=127.0.0.1:9229"]) {
            it(`of ${command} has no ${given}, and the error says what to do`, () =>
                assert.rejects(runCli([command, given]), /No app waits for a debugger\. Use --inspect, attach/));
        }
    }
});
