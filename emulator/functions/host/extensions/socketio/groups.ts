/** Group of the connections of all sockets in a namespace. */
export function namespaceGroup(namespace: string): string {
    return `0~${encode(namespace)}~`;
}

/** Group of the connections of the sockets in a room. A socket's id is also a room. */
export function roomGroup({ namespace, room }: { namespace: string; room: string }): string {
    return `${namespaceGroup(namespace)}${encode(room)}`;
}

/**
 * Filter for sockets that are in some rooms and not in others. With several rooms, exceptions apply to the last room only, because
 * `and` binds tighter than `or`. The vendor's extension writes the filter this way.
 */
export function roomFilter(options: {
    namespace: string;
    rooms?: readonly string[];
    exceptRooms?: readonly string[];
    /** Whether the filter names the namespace when there are no rooms. */
    withNamespace: boolean;
}): string {
    const { namespace, rooms = [], exceptRooms = [] } = options;
    const within = (room: string) => `'${roomGroup({ namespace, room })}' in groups`;
    const included =
        rooms.length > 0
            ? rooms.map(within).join(" or ")
            : options.withNamespace
              ? `'${namespaceGroup(namespace)}' in groups`
              : "";
    const excluded = exceptRooms.map((room) => `not (${within(room)})`).join(" and ");
    return [included, excluded].filter((part) => part !== "").join(" and ");
}

function encode(text: string): string {
    return Buffer.from(text).toString("base64url");
}
