#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace e2e {

/// What is wrong with `value` by a schema of an OpenAPI document, as "at /rows/0: …" lines; empty
/// when it fits.  Knows type, enum, required, properties, additionalProperties false, items,
/// minimum, maximum, pattern and $ref into `document`.
std::string schema_faults(const boost::json::value& value, const boost::json::value& schema,
                          const boost::json::value& document);

}  // namespace e2e
