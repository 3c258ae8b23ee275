import type { Registration } from "./registration";
import type { ResourceState, StackState } from "./state";
import { aliasUrns, type Place } from "./urn";

/** The URN of a registered resource, and the resource of the last run that it continues. */
export interface Claim {
    urn: string;
    before?: ResourceState;
}

/** Assigns each resource of the last run to at most one registration: by URN, or else by an alias. */
export class Claims {
    /** URNs that an update has registered, and the former URNs of what it found by an alias. */
    readonly seen = new Set<string>();
    private readonly formerUrns = new Map<string, string>();

    constructor(
        private readonly place: Place,
        private readonly state: StackState,
    ) {}

    claim(registration: Registration, urn: string): Claim {
        if (this.seen.has(urn)) {
            throw new Error(
                `duplicate resource URN ${urn}: two resources of one type and parent are named "${registration.name}"`,
            );
        }
        this.seen.add(urn);
        const known = this.findKnown(registration, urn);
        if (known === undefined) {
            return { urn };
        }
        if (known !== urn) {
            this.formerUrns.set(urn, known);
        }
        this.seen.add(known);
        const before = this.state.resources.get(known);
        return before ? { urn, before } : { urn };
    }

    private findKnown(registration: Registration, urn: string): string | undefined {
        const formerParent = registration.parent ? this.formerUrns.get(registration.parent) : undefined;
        const aliases = aliasUrns({ ...registration, ...this.place, ...(formerParent && { formerParent }) });
        const candidates = [urn, ...aliases.filter((alias) => !this.seen.has(alias))];
        return candidates.find((candidate) => this.state.resources.has(candidate));
    }
}
