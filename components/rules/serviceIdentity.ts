interface Identity {
    principalId?: string;
    userAssignedIdentities?: Record<string, { principalId?: string }>;
}

/** The principal behind a service's one identity: its own, or the user-assigned one. */
export function servicePrincipalId(identity: Identity | undefined): string | undefined {
    const [userAssigned] = Object.values(identity?.userAssignedIdentities ?? {});
    return userAssigned?.principalId ?? identity?.principalId;
}
