import type { FunctionAppOptionsArgs, HostingPlan } from "../functionApp/args";
import { checkStagingSlot, isNamedWell, stagingSlotOf } from "../functionApp/stagingSlotCheck";
import { HostKeySource } from "../hostKeys/args";
import { NetworkExposure } from "../network/args";
import { type Checks, show } from "../shared/checks";
import { nameRule } from "../shared/names";
import type { ServiceKind } from "../shared/serviceKinds";
import type { BackendArgs } from "./args";

type SlotArgs = Omit<FunctionAppOptionsArgs, "eventAuth"> &
    Pick<BackendArgs, "stagingSlot" | "privateNetwork"> & {
        plan: HostingPlan;
        keySource: HostKeySource;
        kind: ServiceKind;
    };

/** Checks the slot of a backend: its plan, what cannot go with it, and the names of its hubs, also those that its code names itself. Returns the size of the plan. */
export function checkBackendSlot(
    checks: Checks,
    args: SlotArgs,
    { hubs, inCode }: { hubs: readonly { name: string }[]; inCode: readonly string[] },
): FunctionAppOptionsArgs["planSku"] {
    const { stagingSlot, keySource, privateNetwork, kind } = args;
    if (stagingSlot === undefined) {
        return args.planSku;
    }
    if (keySource !== HostKeySource.KeyVault) {
        checks.fault(
            "stagingSlot",
            `keySource ${keySource} keeps keys in the storage that app and slot share, and a swap moves them. Use KeyVault.`,
        );
    }
    if (privateNetwork?.app === NetworkExposure.Private) {
        // Source: learn, azure-web-pubsub/howto-secure-shared-private-endpoints and azure-signalr/howto-shared-private-endpoints: the group
        // ids are sites and vault.
        checks.fault(
            "stagingSlot",
            "privateNetwork.app Private closes the slot as well, and a service's shared private link leads to an app, to none of its slots, so no event would reach the slot. Set privateNetwork.app Public, or remove one of them.",
        );
    }
    const { hubSuffix } = stagingSlotOf(stagingSlot);
    const names = new Map(hubs.map(({ name }) => [String(name).toLowerCase(), name]));
    for (const { name } of isNamedWell(stagingSlot) ? hubs : []) {
        const staged = `${name}${hubSuffix}`;
        const other = names.get(staged.toLowerCase());
        if (other !== undefined) {
            checks.fault(
                "stagingSlot.hubSuffix",
                `the slot's hub for "${name}" would be "${other}", which is a hub of the app. Give another suffix.`,
            );
        }
        const reason = nameRule("hub")(staged);
        if (reason !== undefined && nameRule("hub")(name) === undefined) {
            checks.fault("stagingSlot.hubSuffix", `with hub ${show(name)} it makes a name that is refused: ${reason}`);
        }
    }
    const fixed = [...new Set(inCode)];
    if (fixed.length > 0) {
        checks.advise(
            "stagingSlot",
            `triggers in the code name the hub ${fixed.map((hub) => `"${hub}"`).join(", ")} itself, so in the slot they hear nothing of its own hubs. Bind %${kind.hubSetting}% instead.`,
            (text) => text,
        );
    }
    return checkStagingSlot(checks, args);
}
