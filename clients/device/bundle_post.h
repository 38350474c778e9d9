#pragma once

#include "clients/device/connection.h"
#include "clients/device/server_address.h"
#include "events/base/result.h"
#include "platform/new_file.h"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace clients {

/// How far a bundle has been handed over.
struct PostProgress {
  std::uint64_t sent = 0;
  std::uint64_t to_send = 0;
  std::uint64_t received = 0;
};

/// Where the answer goes.
struct AnswerFile {
  std::filesystem::path path;
  platform::NewFileOptions options;
};

/// Hands a bundle to the server, `POST /bundle`, and writes the answer to a file.  Holds one chunk
/// of either.
/// Errors:  io_failed, closed, timed_out: the network; those of BundleFile and platform::NewFile;
///          those of line_fault.h; the server's refusal, by its own code.
events::Result<PostProgress> post_bundle(
    const ServerAddress& address, const ConnectionOptions& options,
    const std::filesystem::path& bundle, const AnswerFile& answer,
    const std::function<void(const PostProgress&)>& on_progress);

}  // namespace clients
