#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace e2e {

/// Writes a JPEG of exactly `bytes` that looks like nothing; another for each seed.
void write_photo(const std::filesystem::path& path, std::size_t bytes, std::uint32_t seed = 1);

}  // namespace e2e
