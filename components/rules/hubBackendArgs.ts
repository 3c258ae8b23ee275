import { type BackendQuestion, type BackendQuestionArgs, checkBackendArgs } from "../backend/check";
import { checkHubArgs } from "../hub/check";
import type { Checks } from "../shared/checks";
import { refuseTooMany } from "./eventListeners";
import { repeatedHubs } from "./hub";

type BackendHub = { name: string } & Omit<Parameters<typeof checkHubArgs>[0]["args"], "hubName">;

/** The part of the args that the rules are about. */
export interface HubBackendQuestionArgs extends BackendQuestionArgs {
    hubs?: BackendHub[];
}

/** Checks everything that the parts of a backend with hubs would check, at once. */
export function checkHubBackendArgs(question: BackendQuestion & { args: HubBackendQuestionArgs }): void {
    checkBackendArgs(question);
    if (question.args.hubs !== undefined) {
        checkHubs({ checks: question.checks, hubs: question.args.hubs });
    }
}

function checkHubs({ checks, hubs }: { checks: Checks; hubs: BackendHub[] }): void {
    if (hubs.length === 0) {
        checks.fault("hubs", "a backend needs a hub. Name one, or leave hubs out for one named hub.");
    }
    for (const [index, { name, ...rest }] of hubs.entries()) {
        checkHubArgs({
            checks,
            args: { ...rest, hubName: name },
            prefix: `hubs[${index}].`,
            nameKey: "name",
            urlOptional: true,
        });
    }
    for (const { index, name, first } of repeatedHubs(hubs.map((hub) => hub.name))) {
        checks.fault(
            `hubs[${index}].name`,
            `"${name}" is the same hub as "${first}": hub names ignore letter case. Give each hub a name of its own.`,
        );
    }
    refuseTooMany({
        checks,
        path: "hubs",
        count: hubs.reduce((sum, { eventListeners }) => sum + (eventListeners?.length ?? 0), 0),
    });
}
