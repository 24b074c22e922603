/*
 * Loaded before the server's own library calls (LD_PRELOAD), it troubles the files of ZIMNIK_DATA as the file named by
 * DISK_TROUBLE tells at that moment: "slow MIN MAX" = every sync takes so many ms longer, "readonly" = every write fails as
 * on a disk that the system has remounted, "failing" = every sync fails. An empty file is a good disk.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int is_data(int fd) {
  const char *folder = getenv("ZIMNIK_DATA");
  char link[64], path[4096];
  if (folder == NULL) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return strncmp(path, folder, strlen(folder)) == 0;
}

static void read_trouble(char *trouble, size_t size) {
  trouble[0] = 0;
  const char *control = getenv("DISK_TROUBLE");
  int fd = control == NULL ? -1 : open(control, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  ssize_t length = read(fd, trouble, size - 1);
  trouble[length < 0 ? 0 : length] = 0;
  close(fd);
}

static int refuses_writes(int fd) {
  char trouble[64];
  if (!is_data(fd)) return 0;
  read_trouble(trouble, sizeof trouble);
  if (strncmp(trouble, "readonly", 8) != 0) return 0;
  errno = EROFS;
  return 1;
}

static int refuses_sync(int fd) {
  char trouble[64];
  int min, max;
  if (!is_data(fd)) return 0;
  read_trouble(trouble, sizeof trouble);
  if (sscanf(trouble, "slow %d %d", &min, &max) == 2) {
    long ms = min + random() % (max - min + 1);
    struct timespec wait = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&wait, NULL);
  }
  if (strncmp(trouble, "failing", 7) != 0) return 0;
  errno = EIO;
  return 1;
}

ssize_t write(int fd, const void *bytes, size_t count) {
  static ssize_t (*real)(int, const void *, size_t);
  if (real == NULL) real = dlsym(RTLD_NEXT, "write");
  return refuses_writes(fd) ? -1 : real(fd, bytes, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
  static ssize_t (*real)(int, const void *, size_t, off_t);
  if (real == NULL) real = dlsym(RTLD_NEXT, "pwrite");
  return refuses_writes(fd) ? -1 : real(fd, bytes, count, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  static ssize_t (*real)(int, const void *, size_t, off64_t);
  if (real == NULL) real = dlsym(RTLD_NEXT, "pwrite64");
  return refuses_writes(fd) ? -1 : real(fd, bytes, count, offset);
}

int fsync(int fd) {
  static int (*real)(int);
  if (real == NULL) real = dlsym(RTLD_NEXT, "fsync");
  return refuses_sync(fd) ? -1 : real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (real == NULL) real = dlsym(RTLD_NEXT, "fdatasync");
  return refuses_sync(fd) ? -1 : real(fd);
}
