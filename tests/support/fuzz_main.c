/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes a plain program of a fuzz target: it feeds each file named on the command line, or each
 * file of a folder named there, to the target and prints one TAP line for it. What the target must
 * not do (crash, leak, run into a sanitizer) ends the program; the comment printed before each file
 * then says which it was.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replayed;

static void die(const char *path)
{
    printf("Bail out! %s: %s\n", path, strerror(errno));
    exit(1);
}

static void replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat st;
    if (file == NULL || fstat(fileno(file), &st) < 0)
        die(path);
    /* Exactly as long as the file, so that AddressSanitizer sees a read behind its end. */
    size_t size = (size_t) st.st_size;
    uint8_t *data = malloc(size > 0 ? size : 1);
    if (data == NULL || fread(data, 1, size, file) != size)
        die(path);
    (void) fclose(file);
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    printf("# %s\n", name);
    (void) fflush(stdout);
    (void) LLVMFuzzerTestOneInput(data, size);
    free(data);
    printf("ok %d - %s\n", ++replayed, name);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void replay_folder(const char *path)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_visible, alphasort);
    if (count < 0)
        die(path);
    for (int i = 0; i < count; i++) {
        char *file = NULL;
        if (asprintf(&file, "%s/%s", path, entries[i]->d_name) < 0)
            die(path);
        replay_file(file);
        free(file);
        free(entries[i]);
    }
    free(entries);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct stat st;
        if (stat(argv[i], &st) < 0)
            die(argv[i]);
        if (S_ISDIR(st.st_mode))
            replay_folder(argv[i]);
        else
            replay_file(argv[i]);
    }
    printf("1..%d\n", replayed);
    return 0;
}
