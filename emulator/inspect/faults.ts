import type { FaultTable } from "../core/faults";
import { ActionError, type Probes } from "../core/probes";

export const faultKinds = ["handlerError", "slow", "cut", "expireToken", "revokeRole"] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Something that is broken on purpose until it is cleared. */
export interface Fault {
    id: string;
    kind: FaultKind;
    target: string;
    value?: number;
}

export interface Faults {
    table: FaultTable;
    all(): readonly Fault[];
    /** Breaks something. What acts once is not kept. Throws `ActionError`. */
    add(fault: Omit<Fault, "id">): Fault;
    /** Throws `ActionError` when there is no such fault. */
    clear(id: string): void;
}

const mostFaults = 100;
const longestDelay = 60_000;

export function createFaults(probes: Probes): Faults {
    const faults = new Map<string, Fault>();
    const listeners = new Set<() => void>();
    let last = 0;

    function tell(): void {
        for (const listener of listeners) {
            listener();
        }
    }

    function keep(fault: Omit<Fault, "id">): Fault {
        for (const [id, { kind, target }] of faults) {
            // A second fault of a kind takes the place of the first.
            if (kind === fault.kind && target === fault.target) {
                faults.delete(id);
            }
        }
        if (faults.size >= mostFaults) {
            throw new ActionError(`There are ${mostFaults} faults already. Clear some.`);
        }
        last += 1;
        const kept = { id: `fault-${last}`, ...fault };
        faults.set(kept.id, kept);
        tell();
        return kept;
    }

    /** Does something to the one connection with this id. */
    function once(
        fault: Omit<Fault, "id">,
        connection: string,
        run: (service: ReturnType<typeof servicesOf>[number]) => boolean,
    ): Fault {
        if (!servicesOf(probes).some(run)) {
            throw new ActionError(`There is no connection '${connection}'.`);
        }
        last += 1;
        return { id: `fault-${last}`, ...fault };
    }

    return {
        table: {
            // Every event asks this, so the URL is read only when some handler is broken.
            handlerError({ service, hub, url }) {
                for (const { kind, target, value } of faults.values()) {
                    if (kind !== "handlerError") {
                        continue;
                    }
                    const isHub = [hub, `${service}/${hub}`].includes(target);
                    if (isHub || hostOf(probes, target) === new URL(url).host) {
                        return value ?? 500;
                    }
                }
                return undefined;
            },
            delay(service) {
                for (const { kind, target, value = 0 } of faults.values()) {
                    if (kind === "slow" && target === service) {
                        return value;
                    }
                }
                return 0;
            },
            onChange(listener) {
                listeners.add(listener);
                return () => void listeners.delete(listener);
            },
        },
        all: () => [...faults.values()],
        add(fault) {
            const { kind, target, value } = fault;
            switch (kind) {
                case "handlerError":
                    requireTarget(handlerTargets(probes), target);
                    requireNumber(value ?? 500, { least: 400, most: 599, what: "a status" });
                    return keep({ ...fault, value: value ?? 500 });
                case "slow":
                    requireTarget(
                        servicesOf(probes).flatMap(({ id, name }) => [id, name]),
                        target,
                    );
                    requireNumber(value, { least: 1, most: longestDelay, what: "milliseconds" });
                    return keep({ ...fault, target: nameOf(probes, target) });
                case "cut":
                    return once(fault, target, (service) => service.cut(target));
                case "expireToken":
                    return once(fault, target, (service) => service.expire(target));
                case "revokeRole": {
                    const [connection = "", role = ""] = target.split("|");
                    return once(fault, connection, (service) => service.revoke({ connection, role }));
                }
            }
        },
        clear(id) {
            if (!faults.delete(id)) {
                throw new ActionError(`There is no fault '${id}'.`);
            }
            tell();
        },
    };
}

const servicesOf = ({ services }: Probes) => [...services];

function nameOf(probes: Probes, target: string): string {
    return servicesOf(probes).find(({ id }) => id === target)?.name ?? target;
}

function handlerTargets(probes: Probes): string[] {
    const apps = [...probes.apps].flatMap(({ id, name }) => [id, name]);
    const hubs = servicesOf(probes).flatMap((service) =>
        service.hubs().flatMap(({ name }) => [name, `${service.name}/${name}`]),
    );
    return [...apps, ...hubs];
}

function hostOf(probes: Probes, target: string): string | undefined {
    const app = [...probes.apps].find(({ id, name }) => id === target || name === target);
    return app === undefined ? undefined : new URL(app.url).host;
}

function requireTarget(known: readonly string[], target: string): void {
    if (!known.includes(target)) {
        throw new ActionError(
            `'target' is '${target}'; it has to be one of ${known.join(", ") || "nothing, for nothing runs"}.`,
        );
    }
}

function requireNumber(
    value: number | undefined,
    { least, most, what }: { least: number; most: number; what: string },
): void {
    if (value === undefined || !Number.isInteger(value) || value < least || value > most) {
        throw new ActionError(`'value' is ${value}; it has to be ${what}, a whole number from ${least} to ${most}.`);
    }
}
