import type { BackendQuestion, BackendQuestionArgs } from "../backend/check";
import { checkBackendArgs } from "../backend/check";
import { HostKeySource } from "../hostKeys/check";
import { ServiceIdentity } from "../service/check";
import { checkSignalRArgs, type SignalRArgs } from "../service/checkSignalR";

/** The part of the args that the rules are about. */
export type SignalRBackendQuestionArgs = Omit<BackendQuestionArgs, "serviceIdentityType" | "existingServiceName"> &
    SignalRArgs;

/** Checks everything that the parts of a SignalR backend would check, at once. */
export function checkSignalRBackendArgs(
    question: Omit<BackendQuestion, "args"> & { args: SignalRBackendQuestionArgs },
): void {
    const { checks, args } = question;
    const identity = args.serviceUserAssignedIdentityId;
    checkBackendArgs({
        ...question,
        args: { ...args, serviceIdentityType: identity === undefined ? undefined : ServiceIdentity.UserAssigned },
    });
    if (args.keySource === HostKeySource.Discovered) {
        // The extension makes that key once it has settings, which need the service, which needs the key.
        checks.fault(
            "keySource",
            "a SignalR Service holds the address of its events itself and needs the key in it, and Discovered has a key only when the app runs with the service's address. Use KeyVault or HostKey.",
        );
    }
    checkSignalRArgs(checks, args, { urlOptional: true });
}
