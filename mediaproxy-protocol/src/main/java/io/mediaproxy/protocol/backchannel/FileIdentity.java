package io.mediaproxy.protocol.backchannel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Distinguishes a socket file from one that replaced it. A file system gives the inode of a removed file to the next
 * one, so the time of its creation counts too, which nothing changes later for a socket. Thread-safe.
 */
record FileIdentity(@Nullable Object fileKey, FileTime created) {
    /** Returns the identity of a file; null if it does not exist. */
    static @Nullable FileIdentity of(Path path) throws IOException {
        try {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return new FileIdentity(file.fileKey(), file.lastModifiedTime());
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
