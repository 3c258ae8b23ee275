/** One line of a service's support table. */
export interface CoverageEntry {
    area: "client" | "event" | "rest" | "hub";
    /** For REST: method and path, exactly as in the route. */
    operation: string;
    support: "supported" | "partly" | "refused";
    note?: string;
}

export function supported(area: CoverageEntry["area"], operations: readonly string[]): CoverageEntry[] {
    return operations.map((operation) => ({ area, operation, support: "supported" }));
}
