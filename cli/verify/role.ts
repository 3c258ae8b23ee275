import { services } from "../services";
import type { StackResource } from "../stackJson";
import { textAt } from "../words";
import { type CheckContext, CheckError, requireService, SkippedError } from "./check";

const serviceTypes = [":WebPubSub", ":SignalR"];

/** Checks that the app's identity has its role on the service: from the stack's resources, or else from the negotiation. */
export function checkRole(context: CheckContext): string {
    const { deployed, negotiated } = context;
    const { connection, resources, principalId } = deployed;
    const service = requireService(context);
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
                `The stack gives the app's identity ${principalId} no role "${role.name}" on ${made.id}, but ${assigned.length} other role assignments. Add the role, or run an update with --refresh if somebody removed it by hand.`,
            );
        }
        if (negotiated !== undefined) {
            return `The app's identity has "${role.name}" on the service, and the service gave it a token for a client.`;
        }
        return `The app's identity has "${role.name}" on the service.`;
    }
    if (negotiated !== undefined && connection === "identity") {
        return `The service gave the app's identity a token for a client, which requires "${role.name}" or an equivalent role.`;
    }
    throw new SkippedError(
        "The outputs do not tell whether the app uses an identity. Export the component's localSettings, or pass the output of `pulumi stack export --show-secrets`.",
    );
}

function isAssignment({ type }: StackResource): boolean {
    return type.endsWith(":RoleAssignment");
}

/** Whether a role at this scope applies to the resource: the scope is the resource itself or contains it. */
function covers({ scope, id }: { scope: string; id: string }): boolean {
    const [above, below] = [scope.toLowerCase(), id.toLowerCase()];
    return above !== "" && (below === above || below.startsWith(`${above}/`));
}
