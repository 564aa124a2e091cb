// In C because `prctl` is variadic and `pthread_setname_np` a GNU extension: Swift imports neither.
#include "CSupport.h"

#include <sys/prctl.h>

void gateway_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
