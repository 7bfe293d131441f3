"""The commands of ocr-pipeline, one module each; heavy imports only inside the functions."""
