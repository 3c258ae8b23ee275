/** Whether an ARM id is the scope itself or lies below it. Case and a last slash do not count, as in Azure. */
export function isWithin(resourceId: string, scope: string): boolean {
    const inner = normalized(resourceId);
    const outer = normalized(scope);
    return inner === outer || inner.startsWith(`${outer}/`);
}

function normalized(id: string): string {
    return id.toLowerCase().replace(/\/+$/, "");
}
