import { services } from "../services";
import type { StackResource } from "../stackJson";
import { textAt } from "../words";
import { type CheckContext, CheckError, SkippedError } from "./check";

const serviceTypes = [":WebPubSub", ":SignalR"];

/** Looks whether the app's identity may speak for the service: in the stack where it is known, else by what the app did. */
export function checkRole({ deployed, negotiated }: CheckContext): string {
    const { connection, resources, principalId } = deployed;
    const service = negotiated?.service ?? deployed.service;
    if (service === undefined) {
        throw new SkippedError("Which service it is cannot be told without a negotiation. Name it with --service.");
    }
    if (connection === "accessKey") {
        return "The app reaches the service with an access key, which needs no role.";
    }
    const { role } = services[service];
    const made = resources?.find(({ type }) => serviceTypes.some((end) => type.endsWith(end)));
    if (resources !== undefined && principalId !== undefined && made !== undefined) {
        const assigned = resources.filter(
            (one) => isAssignment(one) && textAt(one.outputs, "principalId") === principalId,
        );
        const fits = assigned.some(
            ({ outputs }) =>
                textAt(outputs, "roleDefinitionId")?.toLowerCase().endsWith(role.id) &&
                covers({ scope: textAt(outputs, "scope") ?? "", id: made.id }),
        );
        if (!fits) {
            throw new CheckError(
                `The stack gives the app's identity ${principalId} no role "${role.name}" on ${made.id}: it has ${assigned.length} other role assignments. Add it, or run an update with --refresh if somebody removed it by hand.`,
            );
        }
        if (negotiated !== undefined) {
            return `The app's identity has "${role.name}" on the service, and the service gave it a token for a client.`;
        }
        return `The app's identity has "${role.name}" on the service.`;
    }
    if (negotiated !== undefined && connection === "identity") {
        return `The service gave the app's identity a token for a client, which takes "${role.name}" or a role as strong.`;
    }
    throw new SkippedError(
        "Whether the app uses an identity is not in the outputs. Export the component's localSettings, or give what `pulumi stack export --show-secrets` prints.",
    );
}

function isAssignment({ type }: StackResource): boolean {
    return type.endsWith(":RoleAssignment");
}

/** Whether a role at a scope counts for a resource: there, or above it. */
function covers({ scope, id }: { scope: string; id: string }): boolean {
    const [above, below] = [scope.toLowerCase(), id.toLowerCase()];
    return above !== "" && (below === above || below.startsWith(`${above}/`));
}
