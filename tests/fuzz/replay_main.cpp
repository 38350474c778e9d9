// Runs a fuzz target over stored inputs, so that every build repeats what fuzzing once found.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Paths = std::vector<std::filesystem::path>;

/// Collects the files below `directory`, sorted; a missing directory has none.
Paths files_below(const std::filesystem::path& directory) {
  Paths files;
  std::error_code missing;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory, missing)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Runs one file through the target.  Errors: false when it cannot be read.
bool replay(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return false;
  const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
  const std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(input.data(), input.size());
  return true;
}

}  // namespace

int main(int argument_count, char** arguments) {
  std::size_t replayed = 0;
  for (int i = 1; i < argument_count; ++i) {
    for (const auto& file : files_below(arguments[i])) {
      // Named before it runs: a crash leaves the offender as the last line.
      std::printf("%s\n", file.c_str());
      std::fflush(stdout);
      if (!replay(file)) {
        std::fprintf(stderr, "cannot read %s\n", file.c_str());
        return 1;
      }
      ++replayed;
    }
  }
  std::printf("%zu inputs replayed\n", replayed);
  if (replayed > 0) return 0;
  std::fprintf(stderr, "no inputs found; usage: %s <corpus directory>...\n", arguments[0]);
  return 1;
}
