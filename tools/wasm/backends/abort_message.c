/* What libc++ says before it ends a program after an exception that nobody caught: it would bring printf
 * along. */
#include <stdlib.h>

void abort_message(const char *format, ...) {
  (void)format;
  abort();
}
