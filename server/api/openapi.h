#pragma once

#include <string_view>

namespace server {

/// The bytes of docs/openapi.json as this build has them.
std::string_view openapi_document();

}  // namespace server
