"""What every web process of ours does alike: headers, health, limits to slow senders, the true address, faults."""
