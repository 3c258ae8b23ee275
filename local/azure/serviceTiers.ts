import type { Properties } from "../engine/values";

const upTo = (steps: number, size: number) => Array.from({ length: steps }, (_, index) => (index + 1) * size);
const standard = [...upTo(10, 1), ...upTo(9, 10).map((units) => units + 10)];

/** Units that each tier allows. Source: Azure's list of Web PubSub tiers. */
const tiers = new Map([
    ["Free_F1", [1]],
    ["Standard_S1", standard],
    ["Premium_P1", standard],
    ["Premium_P2", upTo(10, 100)],
]);

function listUnits(units: number[]): string {
    return units.length > 5 ? `${units.slice(0, 3).join(", ")} to ${units.at(-1)} in steps` : units.join(", ");
}

/** Faults of `sku` that the contract cannot express: which units each tier allows. */
export function tierFaults(sku: Properties): string[] {
    const { name, capacity = 1 } = sku;
    if (typeof name !== "string" || typeof capacity !== "number") {
        return [];
    }
    const units = tiers.get(name);
    if (!units) {
        return [`sku.name is "${name}": allowed are ${[...tiers.keys()].join(", ")}`];
    }
    return units.includes(capacity) ? [] : [`sku.capacity is ${capacity}: ${name} allows ${listUnits(units)}`];
}
