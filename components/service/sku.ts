import { show } from "../shared/checks";
import { ServiceSku } from "./args";

const tenToHundred = range({ from: 1, to: 10, step: 1 }).concat(range({ from: 20, to: 100, step: 10 }));

const units: Record<ServiceSku, { tier: string; allowed: number[]; words: string }> = {
    Free_F1: { tier: "Free", allowed: [1], words: "1" },
    Standard_S1: { tier: "Standard", allowed: tenToHundred, words: "1-10, 20, 30 … 100" },
    Premium_P1: { tier: "Premium", allowed: tenToHundred, words: "1-10, 20, 30 … 100" },
    Premium_P2: { tier: "Premium", allowed: range({ from: 100, to: 1000, step: 100 }), words: "100, 200 … 1000" },
};

function range({ from, to, step }: { from: number; to: number; step: number }): number[] {
    return Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
}

export function isServiceSku(name: string): name is ServiceSku {
    return Object.hasOwn(units, name);
}

export function skuTier(sku: ServiceSku): string {
    return units[sku].tier;
}

/** A tier as a resource takes it, with its fewest units where none are given. */
export function skuProperties(name: string, capacity: number | undefined) {
    return {
        name,
        ...(isServiceSku(name) ? { tier: skuTier(name), capacity: capacity ?? defaultCapacity(name) } : {}),
    };
}

/** The fewest units that a tier can have. */
export function defaultCapacity(sku: ServiceSku): number {
    return units[sku].allowed[0] ?? 1;
}

export function capacityRule(sku: ServiceSku, capacity: number): string | undefined {
    const { allowed, words } = units[sku];
    return allowed.includes(capacity) ? undefined : `${show(capacity)} does not fit ${sku}. Allowed: ${words}.`;
}

export function clientCertificatesRule(sku: ServiceSku, enabled: boolean): string | undefined {
    return enabled && sku === ServiceSku.FreeF1
        ? `client certificates are not available on ${sku}. Use ${ServiceSku.StandardS1} or higher, or leave clientCertEnabled out.`
        : undefined;
}
