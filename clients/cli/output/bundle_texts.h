#pragma once

#include "clients/core/bundle/bundle_files.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>

/// What people and programs are told of the files in bundles.
namespace clients {

/// "9999 byte", "12 kB", "12,3 MB": as people read sizes, in steps of 1000.
std::string size_vi(std::uint64_t bytes);

/// Whole lines, or nothing.  `bundle_bytes_max`: as it was asked for.
std::string describe(const PackedFiles& files, std::uint64_t bundle_bytes_max);
std::string describe(const FileAnswers& files);

boost::json::object json_of(const PackedFiles& files);
boost::json::object json_of(const FileAnswers& files);

}  // namespace clients
