#pragma once

#include "server/base/task.h"

#include <boost/asio/any_io_executor.hpp>

namespace server {

/// Where code runs.  Distinct types, so that work for one place cannot be handed to another.

/// A thread per core; sessions, each on its strand; timers.  Waits for nothing but short reads.
struct NetworkExecutor {
  net::any_io_executor executor;
};

/// One thread: judging and appending.  May wait for the disk.
struct LogExecutor {
  net::any_io_executor executor;
};

/// One thread: folding views and checkpoints.  May wait for the disk.
struct ProjectionExecutor {
  net::any_io_executor executor;
};

/// One thread: the bytes of files of evidence.  May wait for the disk.
struct FileExecutor {
  net::any_io_executor executor;
};

/// One thread: answers for other systems.  May wait for the disk and the projection.
struct ApiExecutor {
  net::any_io_executor executor;
};

/// One thread: making snapshots for readers that have been away for long.  May wait for the disk.
struct SnapshotExecutor {
  net::any_io_executor executor;
};

}  // namespace server
