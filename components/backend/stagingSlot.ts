import * as pulumi from "@pulumi/pulumi";
import type { FunctionAppOptionsArgs, HostingPlan } from "../functionApp/args";
import type { FunctionApp } from "../functionApp/functionApp";
import type { StagingSlotOptions } from "../functionApp/stagingSlotArgs";
import { checkStagingSlot, stagingSlotOf } from "../functionApp/stagingSlotCheck";
import type { FunctionCode } from "../functionCode/functionCode";
import { HostKeySource } from "../hostKeys/args";
import { HostKeys } from "../hostKeys/hostKeys";
import { type Checks, show } from "../shared/checks";
import { createSuffix, nameRule } from "../shared/names";
import { newName } from "../shared/naming";
import { NamedKind } from "../shared/namingArgs";
import type { ServiceKind } from "../shared/serviceKinds";
import { webhookUrl } from "../shared/urls";
import type { HubBackendArgs } from "./args";
import type { EventTriggers } from "./systemEvents";

type SlotArgs = FunctionAppOptionsArgs &
    Pick<HubBackendArgs, "stagingSlot" | "privateNetwork"> & {
        plan: HostingPlan;
        keySource: HostKeySource;
        kind: ServiceKind;
    };

/** Checks the slot of a backend: its plan, what cannot go with it, and the names of its hubs. Returns the size of the plan. */
export function checkBackendSlot(
    checks: Checks,
    args: Omit<SlotArgs, "eventAuth"> & { eventAuth?: unknown },
    { hubs, triggers }: { hubs: readonly { name: string }[]; triggers: EventTriggers },
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
    if (privateNetwork !== undefined) {
        checks.fault(
            "stagingSlot",
            "privateNetwork makes its private endpoints and links for the app and its vault, and none for the slot. Remove one of them.",
        );
    }
    const { hubSuffix } = stagingSlotOf(stagingSlot);
    const names = new Map(hubs.map(({ name }) => [String(name).toLowerCase(), name]));
    for (const { name } of hubs) {
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
    const fixed = [...new Set((triggers ?? []).flatMap(({ hub }) => (hub === undefined ? [] : [hub])))];
    if (fixed.length > 0) {
        checks.advise(
            "stagingSlot",
            `triggers in the code name the hub ${fixed.map((hub) => `"${hub}"`).join(", ")} itself, so in the slot they hear nothing of its own hubs. Bind %${kind.hubSetting}% instead.`,
            (text) => text,
        );
    }
    return checkStagingSlot(checks, { ...args, eventAuth: args.eventAuth as FunctionAppOptionsArgs["eventAuth"] });
}

type Staged = Pick<
    SlotArgs & HubBackendArgs,
    "kind" | "naming" | "location" | "tags" | "protectData" | "keyRotation" | "stagingSlot"
> & { resourceGroupName: pulumi.Input<string> };

/** What a backend has for its slot. Nothing is there without a slot. */
export interface Staging {
    options?: Required<StagingSlotOptions>;
    keys?: HostKeys;
}

/** Creates the key of the slot's webhook, in a vault that only the slot's host has. */
export function createStaging(name: string, args: Staged, opts: pulumi.ComponentResourceOptions): Staging {
    const { stagingSlot, kind, resourceGroupName, naming, location, tags, protectData, keyRotation } = args;
    if (stagingSlot === undefined) {
        return {};
    }
    const base = `${name}-staging-keys`;
    const vaultName = newName(createSuffix(base, opts), { base, max: 24, naming, kind: NamedKind.StagingVault });
    const { extension } = kind;
    const place = { resourceGroupName, location, tags };
    const keys = new HostKeys(base, { ...place, extension, vaultName, protectData, keyRotation }, opts);
    return { options: stagingSlotOf(stagingSlot), keys };
}

/** The part of the app's args that makes its slot. */
export function slotArgs({ options, keys }: Staging) {
    return options && keys && { ...options, vaultId: keys.vaultId, vaultUri: keys.vaultUri };
}

/** The slot's name, known once the slot can take code; the app that has the slot is made after its code. */
export function readySlotOf({ options }: Staging): [pulumi.Output<string> | undefined, (app: FunctionApp) => void] {
    if (options === undefined) {
        return [undefined, () => undefined];
    }
    const [ready, setReady] = pulumi.deferredOutput<string>();
    return [ready, ({ stagingSlotName }) => setReady(stagingSlotName ?? pulumi.output(options.name))];
}

/** What the slot's hubs need: where their events go, and the slot's name, known once it runs its code. */
export interface StagedHubs {
    hubSuffix: string;
    keys: HostKeys;
    eventUrl: pulumi.Output<string>;
    running: pulumi.Output<string>;
}

export function stagedHubs(
    { options, keys }: Staging,
    { kind, app, code }: { kind: ServiceKind; app: FunctionApp; code: FunctionCode },
): StagedHubs | undefined {
    if (options === undefined || keys === undefined || app.stagingHostName === undefined) {
        return undefined;
    }
    const eventUrl = pulumi
        .all([app.stagingHostName, keys.code])
        .apply(([hostName, known]) => webhookUrl({ hostName, extension: kind.extension, code: known }));
    const running = code.stagingSlotName ?? app.stagingSlotName ?? pulumi.output(options.name);
    return { hubSuffix: options.hubSuffix, keys, eventUrl, running };
}
