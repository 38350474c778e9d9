#include "clients/cli/version.h"

namespace clients {

std::string_view version() { return KHUYENHOC_VERSION; }

}  // namespace clients
