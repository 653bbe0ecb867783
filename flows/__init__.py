"""What is asked: flow documents, the engine that runs them, how a reply is read. Pure."""
