"""What igny8 costs in time and memory, measured on the machine at hand."""
