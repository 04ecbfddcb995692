/*
 * Writes down what a power cut would leave of a process's files. Loaded into Redis with LD_PRELOAD, it appends a line
 * to the file named by FSYNC_LOG
 *   s <device> <inode> <size>   at the end of each fsync and fdatasync that succeeded; the size is the one from before
 *                               the call, because bytes that were written while it ran may not be covered
 *   t <device> <inode> <size>   when a file was cut to this size (ftruncate, or opened with O_TRUNC)
 * Files are named by their inode because Redis renames them after it has synced them.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int log_fd = -1;

/* A line of this length is written whole: the log is opened with O_APPEND, and threads and forks share it. */
static void note(char what, const struct stat *file, off_t size) {
  char line[80];
  int length = snprintf(line, sizeof line, "%c %llu %llu %lld\n", what, (unsigned long long)file->st_dev,
                        (unsigned long long)file->st_ino, (long long)size);
  if (log_fd >= 0 && write(log_fd, line, (size_t)length) != length) abort();
}

__attribute__((constructor)) static void open_log(void) {
  const char *name = getenv("FSYNC_LOG");
  if (name == NULL) return;
  log_fd = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (log_fd < 0) abort();
  /* Whoever reads the log can tell that it is being written. */
  struct stat none = {0};
  note('t', &none, 0);
}

typedef int (*sync_function)(int);

static int sync_and_note(sync_function sync, int fd) {
  struct stat before;
  int is_known = fstat(fd, &before) == 0 && S_ISREG(before.st_mode);
  int result = sync(fd);
  int error = errno;
  if (result == 0 && is_known) note('s', &before, before.st_size);
  errno = error;
  return result;
}

int fsync(int fd) {
  static sync_function real;
  if (real == NULL) real = (sync_function)dlsym(RTLD_NEXT, "fsync");
  return sync_and_note(real, fd);
}

int fdatasync(int fd) {
  static sync_function real;
  if (real == NULL) real = (sync_function)dlsym(RTLD_NEXT, "fdatasync");
  return sync_and_note(real, fd);
}

static void note_cut(int fd, off_t size) {
  struct stat cut;
  if (fstat(fd, &cut) == 0 && S_ISREG(cut.st_mode)) note('t', &cut, size);
}

typedef int (*open_function)(const char *, int, ...);

#define DEFINE_OPEN(name)                                                      \
  int name(const char *path, int flags, ...) {                                 \
    static open_function real;                                                 \
    mode_t mode = 0;                                                           \
    if (flags & (O_CREAT | O_TMPFILE)) {                                       \
      va_list more;                                                            \
      va_start(more, flags);                                                   \
      mode = va_arg(more, mode_t);                                             \
      va_end(more);                                                            \
    }                                                                          \
    if (real == NULL) real = (open_function)dlsym(RTLD_NEXT, #name);           \
    int fd = real(path, flags, mode);                                          \
    if (fd >= 0 && (flags & O_TRUNC)) note_cut(fd, 0);                         \
    return fd;                                                                 \
  }

DEFINE_OPEN(open)
DEFINE_OPEN(open64)

typedef int (*truncate_function)(int, off_t);

#define DEFINE_FTRUNCATE(name)                                                 \
  int name(int fd, off_t size) {                                               \
    static truncate_function real;                                             \
    if (real == NULL) real = (truncate_function)dlsym(RTLD_NEXT, #name);       \
    int result = real(fd, size);                                               \
    if (result == 0) note_cut(fd, size);                                       \
    return result;                                                             \
  }

DEFINE_FTRUNCATE(ftruncate)
DEFINE_FTRUNCATE(ftruncate64)
